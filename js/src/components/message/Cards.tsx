import type { RefObject } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { t } from "../../i18n";
import { lazy } from "../../lazy";
import type { Subject } from "../Card";
import { Popover } from "../Popover";
import { useView } from "../view";
import Peek from "./Peek";
import { usePointed } from "./pointed";

const Card = lazy(() => import("../Card"));

/** Whom or what an element names. */
function subjectOf(element: HTMLElement): Subject | null {
  const { member, room, message } = element.dataset;
  if (member) return { type: "member", id: member };
  if (room && message) return { type: "message", id: message, room };
  return room ? { type: "room", id: room } : null;
}

const named = (target: EventTarget | null): HTMLElement | null =>
  target instanceof Element ? target.closest<HTMLElement>("[data-member], [data-room]") : null;

/**
 * The cards of people and rooms that are named: one shows when one rests on a name or comes to it by key, and stays
 * open after a click, a tap or Enter.
 */
export default function Cards({ within }: { within: RefObject<HTMLElement | null> }) {
  const { root } = useView();
  const id = useId();
  const pointed = usePointed();
  const [open, setOpen] = useState<HTMLElement | null>(null);
  const latest = useRef({ pointed, open });
  latest.current = { pointed, open };

  useEffect(() => {
    const main = within.current;
    if (!main || !root) return;
    const { point, leave, close } = {
      point: (element: HTMLElement) => latest.current.pointed.point(element),
      leave: () => latest.current.pointed.leave(),
      close: () => latest.current.pointed.close(),
    };
    const over = (event: PointerEvent) => {
      if (event.pointerType === "touch") return;
      const element = named(event.target);
      if (element && subjectOf(element)) point(element);
      else if (latest.current.pointed.at || event.type === "pointerover") leave();
    };
    const focusIn = (event: FocusEvent) => {
      const element = event.target instanceof HTMLElement ? event.target : null;
      if (element?.matches("[data-member], [data-room]") && element.matches(":focus-visible")) point(element);
    };
    const click = (event: MouseEvent) => {
      const element = named(event.target);
      const subject = element && subjectOf(element);
      // A room's name leads to the room; of a person the card is all there is.
      if (!element || subject?.type !== "member" || element.closest("button")) return;
      close();
      setOpen(element);
    };
    const key = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || !latest.current.pointed.at) return;
      close();
      event.stopPropagation();
    };
    main.addEventListener("pointerover", over);
    main.addEventListener("focusin", focusIn);
    main.addEventListener("focusout", leave);
    main.addEventListener("click", click);
    main.addEventListener("keydown", key, true);
    return () => {
      main.removeEventListener("pointerover", over);
      main.removeEventListener("focusin", focusIn);
      main.removeEventListener("focusout", leave);
      main.removeEventListener("click", click);
      main.removeEventListener("keydown", key, true);
    };
  }, [within, root]);

  const subject = open && subjectOf(open);
  const peeked = !open && pointed.at?.isConnected ? subjectOf(pointed.at) : null;
  if (open && subject)
    return (
      <Popover anchor={open} label={t("Card")} onClose={() => setOpen(null)}>
        <Card subject={subject} onDone={() => setOpen(null)} />
      </Popover>
    );
  if (peeked && pointed.at)
    return (
      <Peek
        key={`${peeked.type} ${peeked.id}`}
        anchor={pointed.at}
        id={id}
        role="dialog"
        label={t("Card")}
        onEnter={pointed.hold}
        onLeave={pointed.leave}
      >
        <Card subject={peeked} onDone={pointed.close} />
      </Peek>
    );
  return null;
}
