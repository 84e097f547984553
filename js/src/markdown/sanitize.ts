import createDOMPurify from "dompurify";
import { PLACE, SCHEMES } from "./parse";

const TAGS = [
  ..."a p br hr em strong del code pre blockquote ul ol li sup".split(" "),
  ..."h1 h2 h3 h4 h5 h6 table thead tbody tr th td".split(" "),
];
const ATTRIBUTES = ["href", "title", "start", "align", "class"];
/** What the parser gives classes to. */
const CLASSES = /^(?:cc-math|cc-math-block|cc-note|cc-notes|language-[\w+#.-]{1,30})$/;

const purify = createDOMPurify(window);
purify.addHook("uponSanitizeAttribute", (_, data) => {
  if (data.attrName === "class" && !CLASSES.test(data.attrValue)) data.keepAttr = false;
});

purify.setConfig({
  ALLOWED_TAGS: TAGS,
  ALLOWED_ATTR: ATTRIBUTES,
  ALLOWED_URI_REGEXP: /^(?:(?:https?|mailto):|collabchat:\d{1,19}(?:\/\d{1,19})?$)/i,
  // Else their values would have to be addresses.
  ADD_URI_SAFE_ATTR: ["align", "start", "class"],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
});

/** HTML as a fragment of the document that holds nothing but what is allowed. */
export function sanitised(html: string): DocumentFragment {
  // What is given back is said by the configuration, which the types do not know of.
  const fragment = purify.sanitize(html) as unknown as DocumentFragment;
  for (const link of fragment.querySelectorAll("a")) {
    const href = link.getAttribute("href") ?? "";
    if (PLACE.test(href)) continue;
    if (!SCHEMES.test(href)) {
      // What leads nowhere is text.
      if (link.className !== "cc-note") link.replaceWith(...link.childNodes);
      else link.removeAttribute("href");
    } else {
      link.target = "_blank";
      link.rel = "noopener noreferrer";
    }
  }
  return fragment;
}
