import type { Panel } from "../panel";
import type { Attachment, FileId } from "../protocol";

/** What we use of the shared model of a notebook in JupyterLab and Notebook. */
interface SharedNotebook {
  readonly cells: { readonly length: number };
  insertCell(index: number, cell: { cell_type: "code"; source: string; metadata: object }): unknown;
}

/** What cannot be seen has no place in code. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** Python that loads a file; `chat` is what the notebook calls the workspace. */
export function loadingCode(id: FileId, { name, kind, type }: Attachment, chat = ""): string {
  const file = `${chat || "chat"}.file("${id}")`;
  const first = chat.startsWith("cc.") ? "import collabchat as cc\n\n" : "";
  return `# ${name.replace(UNSEEN, "")}\n${first}${loading(file, kind, type)}`;
}

function loading(file: string, kind: Attachment["kind"], type: string): string {
  switch (kind) {
    case "data":
      return `df = ${file}.df()`;
    case "picture":
      return `from IPython.display import Image\n\nImage(${file}.read())`;
    case "sound":
      return `from IPython.display import Audio\n\nAudio(${file}.read())`;
    case "notebook":
    case "archive":
    case "video":
      return `path = ${file}.save(".")`;
    default:
      if (kind === "code" || type.startsWith("text/")) return `text = ${file}.text()`;
      return kind === "document" ? `path = ${file}.save(".")` : `data = ${file}.read()`;
  }
}

/** The notebook that a panel stands in, where cells can be put into it. */
function notebookAround(panel: Panel, at: Element | null): SharedNotebook | null {
  // Voila draws cells too, of a notebook that nobody sees.
  if (!at?.closest(".jp-NotebookPanel, .jp-LinkedOutputView")) return null;
  const manager = panel.manager as {
    context?: { model?: { readOnly?: boolean; sharedModel?: SharedNotebook } };
  } | null;
  const model = manager?.context?.model;
  const shared = model?.sharedModel;
  return model?.readOnly !== true && typeof shared?.insertCell === "function" ? shared : null;
}

export const canInsert = (panel: Panel, at: Element | null): boolean => notebookAround(panel, at) !== null;

/** Put code into a cell of its own below the panel's. */
export function insertCode(panel: Panel, at: Element | null, source: string): void {
  const notebook = notebookAround(panel, at);
  if (!notebook) throw new Error("no notebook");
  notebook.insertCell(below(at, notebook.cells.length), { cell_type: "code", source, metadata: {} });
}

/** The place below the cell that an element is in; the end where it is in none. */
function below(at: Element | null, end: number): number {
  const cell = at?.closest<HTMLElement>(".jp-NotebookPanel .jp-Cell");
  if (!cell) return end;
  const said = Number(cell.dataset.windowedListIndex ?? Number.NaN);
  const counted = [...(cell.parentElement?.children ?? [])]
    .filter((one) => one.classList.contains("jp-Cell"))
    .indexOf(cell);
  const place = Number.isInteger(said) ? said : counted;
  return place >= 0 && place < end ? place + 1 : end;
}
