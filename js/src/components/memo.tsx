import { Component, type ComponentChildren, type FunctionComponent } from "preact";

/** A component that is drawn again only when one of its properties is another one. */
export function memo<P extends object>(Inner: FunctionComponent<P>): FunctionComponent<P> {
  class Memo extends Component<P> {
    override shouldComponentUpdate(next: P): boolean {
      const now = this.props as Record<string, unknown>;
      const then = next as Record<string, unknown>;
      const keys = new Set([...Object.keys(now), ...Object.keys(then)]);
      for (const key of keys) if (!Object.is(now[key], then[key])) return true;
      return false;
    }
    override render(props: P): ComponentChildren {
      return <Inner {...props} />;
    }
  }
  return Memo as unknown as FunctionComponent<P>;
}
