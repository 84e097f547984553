import type { Panel } from "../../panel";

const MOST = 10;

/** What somebody has looked for in a workspace, the last one first. */
export class Recents {
  constructor(private readonly panel: Panel) {}

  private get key(): string {
    const { members, me } = this.panel.state;
    const own = members.get(me);
    return `searches:${own?.handle}:${me}:${own?.joined_at}`;
  }

  get all(): string[] {
    const found = this.panel.memory.lasting.get<unknown>(this.key);
    return Array.isArray(found) ? found.filter((one) => typeof one === "string").slice(0, MOST) : [];
  }

  add(text: string): void {
    const words = text.trim();
    if (!words) return;
    const others = this.all.filter((one) => one.toLowerCase() !== words.toLowerCase());
    this.panel.memory.lasting.set(this.key, [words, ...others].slice(0, MOST));
  }

  remove(text: string): void {
    const left = this.all.filter((one) => one !== text);
    if (left.length > 0) this.panel.memory.lasting.set(this.key, left);
    else this.panel.memory.lasting.remove(this.key);
  }

  clear(): void {
    this.panel.memory.lasting.remove(this.key);
  }
}
