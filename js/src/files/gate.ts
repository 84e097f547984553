/** Lets a few in at a time; who is in a hurry goes first. */
export class Gate {
  private free: number;
  private readonly queue: (() => void)[] = [];

  constructor(most: number) {
    this.free = most;
  }

  async through<T>(work: () => Promise<T>, { hurry = false }: { hurry?: boolean } = {}): Promise<T> {
    if (this.free > 0) this.free -= 1;
    else
      await new Promise<void>((enter) => {
        if (hurry) this.queue.unshift(enter);
        else this.queue.push(enter);
      });
    try {
      return await work();
    } finally {
      const next = this.queue.shift();
      if (next) next();
      else this.free += 1;
    }
  }
}
