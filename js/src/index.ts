import { createElement, render as draw } from "preact";
import { App } from "./components/App";
import { preloadText } from "./components/Text";
import { Host } from "./host";
import { Panel } from "./panel";
import { CommTransport, type Model } from "./transport/comm";
import "./styles/index.css";

interface Initialize {
  model: Model;
}
interface Render extends Initialize {
  el: HTMLElement;
}

/** A widget: the state belongs to its model, a view of it makes DOM and nothing else. */
export default () => {
  let panel: Panel | null = null;
  let host: Host | null = null;
  const panelOf = (model: Model): Panel => {
    panel ??= new Panel(new CommTransport(model));
    return panel;
  };
  return {
    initialize({ model }: Initialize) {
      panelOf(model);
      return () => {
        host?.close();
        panel?.close();
        host = panel = null;
      };
    },
    render({ model, el }: Render) {
      const panel = panelOf(model);
      host ??= new Host(model, panel);
      // From here on a view goes its own way, unless the kernel asks for another room.
      const { room } = host;
      const known = host;
      const paint = () =>
        draw(
          createElement(App, {
            panel,
            host: known,
            room,
            height: String(model.get("height") || "560px"),
            label: String(model.get("_label") ?? ""),
            layout: model.get("shape") === "compact" ? "compact" : "full",
          }),
          el,
        );
      const changes = ["change:height", "change:shape"];
      for (const change of changes) model.on(change, paint);
      paint();
      // On its way together with the first messages.
      preloadText();
      return () => {
        for (const change of changes) model.off(change, paint);
        draw(null, el);
      };
    },
  };
};
