import type { Panel } from "../panel";
import type { Req } from "../protocol";
import type { Attached } from "../state/state";

/** What one panel has for another: a file whose bytes the page still holds. */
export interface Given {
  attached: Attached;
  file: File;
  /** The tray that it lies in, where it was not sent yet. */
  tray: string | null;
}

export interface Giver {
  readonly panel: Panel;
  give(): Given[];
}

/** All that send files in this page. Each widget has this module for itself, so it stands with the page. */
const givers = (): Set<Giver> => {
  const page = globalThis as { [GIVERS]?: Set<Giver> };
  page[GIVERS] ??= new Set();
  return page[GIVERS];
};
const GIVERS = Symbol.for("collabchat.uploads");

export const enter = (giver: Giver): void => {
  givers().add(giver);
};

export const leave = (giver: Giver): void => {
  givers().delete(giver);
};

/**
 * What panels of the same person have that nobody sends any more: a kernel that was restarted has left their widget
 * behind, and the cell has made a new one.
 */
export function taken(by: Panel): Map<Req, Given> {
  const found = new Map<Req, Given>();
  for (const giver of givers()) {
    const { panel } = giver;
    if (panel === by || panel.key !== by.key || (panel.watched && works(panel))) continue;
    for (const one of giver.give()) found.set(one.attached.upload, one);
  }
  return found;
}

const works = ({ state }: Panel): boolean => state.link.state === "open" && !state.silent;
