import { createElement, render as draw } from "preact";
import { App } from "./components/App";
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
  const panelOf = (model: Model): Panel => {
    panel ??= new Panel(new CommTransport(model));
    return panel;
  };
  return {
    initialize({ model }: Initialize) {
      panelOf(model);
      return () => {
        panel?.close();
        panel = null;
      };
    },
    render({ model, el }: Render) {
      const panel = panelOf(model);
      const paint = () =>
        draw(
          createElement(App, {
            panel,
            room: String(model.get("room") ?? ""),
            height: String(model.get("height") || "560px"),
            label: String(model.get("_label") ?? ""),
          }),
          el,
        );
      const changes = ["change:room", "change:height"];
      for (const change of changes) model.on(change, paint);
      paint();
      return () => {
        for (const change of changes) model.off(change, paint);
        draw(null, el);
      };
    },
  };
};
