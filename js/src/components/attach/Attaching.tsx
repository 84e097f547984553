import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { t, tn } from "../../i18n";
import type { Id } from "../../protocol";
import type { Saying } from "../composer/Said";
import { useStore, useView } from "../view";
import { copiedFiles } from "./copied";
import { dropZone } from "./drop";
import { Tray } from "./Tray";

/** What a text box asks for. */
export interface Attach {
  /** Choose files. */
  pick(): void;
  /** Whether what is pasted was files. */
  paste(event: ClipboardEvent): boolean;
}

interface Props {
  room: Id;
  /** The place of the draft. */
  place: string;
  /** What the drop target calls it. */
  where: string;
  area: RefObject<HTMLTextAreaElement | null>;
  attach: RefObject<Attach | null>;
  /** Files were asked for before this was there. */
  early: RefObject<boolean>;
  say: (saying: Saying | null) => void;
}

/** Files into a text box: chosen, dropped onto its conversation, or pasted. */
export function Attaching({ room, place, where, area, attach, early, say }: Props) {
  const { panel } = useView();
  const input = useRef<HTMLInputElement>(null);
  const [heard, setHeard] = useState("");
  const some = useStore((state) => (state.trays.get(place)?.length ?? 0) > 0);

  const take = async (files: readonly File[], folders: readonly string[] = []) => {
    const problems: string[] = [];
    const [folder = ""] = folders;
    if (folders.length > 0)
      problems.push(
        tn(
          folders.length,
          "“{name}” is a folder: attach the files in it, or a zip file of it.",
          "“{name}” and others are folders: attach the files in them, or a zip file of them.",
          { name: folder },
        ),
      );
    if (files.length > 0)
      try {
        // At once where it is there: who is quick has the files in the message.
        const uploads = panel.uploads.now ?? (await panel.uploads.load());
        const before = uploads.in(place).length;
        problems.push(...uploads.add(place, room, files));
        const n = uploads.in(place).length - before;
        if (n > 0) setHeard(tn(n, "1 file is attached.", "{n} files are attached."));
      } catch (error) {
        problems.push((error as Error).message);
      }
    say(problems.length > 0 ? { tone: "problem", text: problems.join(" ") } : null);
    area.current?.focus();
  };
  const taking = useRef(take);
  taking.current = take;

  useLayoutEffect(() => {
    attach.current = {
      pick: () => input.current?.click(),
      paste: (event) => {
        const files = copiedFiles(event.clipboardData);
        if (files.length > 0) void taking.current(files);
        return files.length > 0;
      },
    };
    if (early.current) {
      early.current = false;
      attach.current.pick();
    }
    return () => {
      attach.current = null;
    };
  }, [attach]);

  useEffect(() => {
    panel.uploads.load().catch(() => {
      // It is tried again with the first file.
    });
  }, [panel]);

  useEffect(() => {
    const zone = area.current?.closest<HTMLElement>(".cc-room, .cc-aside");
    if (!zone) return;
    return dropZone(zone, {
      text: () => t("Drop files here to attach them · {where}", { where }),
      take: (files, folders) => void taking.current(files, folders),
    });
  }, [where]);

  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        tabIndex={-1}
        aria-label={t("Attach files")}
        onChange={(event) => {
          const { currentTarget: field } = event;
          const files = [...(field.files ?? [])];
          // The same file can be chosen again.
          field.value = "";
          if (files.length > 0) void take(files);
        }}
      />
      <p class="cc-unseen" role="status">
        {heard}
      </p>
      {some && <Tray place={place} area={area} onHeard={setHeard} />}
    </>
  );
}
