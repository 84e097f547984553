"use strict";
// What Voila's own script looks for on the page, and the theme of the visitor's system.
const collabchatPage = {
  theme() {
    const dark = window.matchMedia("(prefers-color-scheme: dark)");
    const asked = new URLSearchParams(window.location.search).get("theme");
    const apply = () => {
      const light = asked ? asked !== "dark" : !dark.matches;
      document.body.dataset.jpThemeLight = String(light);
      document.body.dataset.jpThemeName = light ? "JupyterLab Light" : "JupyterLab Dark";
      document.documentElement.style.colorScheme = light ? "light" : "dark";
    };
    apply();
    dark.addEventListener("change", apply);
  },
  cellsAreThere() {
    const loading = document.getElementById("loading");
    const stop = () => {
      if (document.querySelector(".collabchat-problem, .collabchat-output .jupyter-widgets, .collabchat-output .lm-Widget > *")) {
        watch.disconnect();
        loading?.remove();
      }
    };
    const watch = new MutationObserver(stop);
    watch.observe(document.getElementById("rendered_cells"), { childList: true, subtree: true });
    stop();
  },
};
window.voila_heartbeat = () => {};
window.voila_process = () => {};
window.voila_finish = () => {};
window.update_loading_text = () => {};
window.display_cells = () => {};
