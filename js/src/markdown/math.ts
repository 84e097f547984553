import katex from "katex";

/** What MathML may hold, and with which attributes. */
const ELEMENTS = new Set(
  (
    "math semantics mrow mi mn mo ms mtext mspace mstyle mpadded mphantom mfrac msqrt mroot msub msup msubsup " +
    "munder mover munderover mmultiscripts mprescripts none menclose mtable mtr mtd mglyph"
  ).split(" "),
);
ELEMENTS.delete("mglyph");
const ATTRIBUTES = new Set(
  (
    "xmlns display mathvariant mathcolor mathbackground mathsize scriptlevel displaystyle stretchy fence separator " +
    "minsize maxsize largeop movablelimits symmetric accent accentunder lspace rspace width height depth voffset " +
    "linethickness columnalign columnspacing rowspacing columnlines rowlines frame notation side minlabelspacing form"
  ).split(" "),
);

/** TeX as MathML; null where it cannot be set, so that its source stays. */
export function typeset(tex: string, block: boolean): HTMLElement | null {
  const made = document.createElement("span");
  try {
    katex.render(tex, made, {
      displayMode: block,
      output: "mathml",
      throwOnError: true,
      strict: "ignore",
      // No links, pictures, classes or ids.
      trust: false,
      maxExpand: 300,
      maxSize: 20,
      macros: {},
    });
  } catch {
    return null;
  }
  const math = made.querySelector("math");
  if (!math) return null;
  for (const source of math.querySelectorAll("annotation")) source.remove();
  for (const element of [math, ...math.querySelectorAll("*")]) {
    if (!ELEMENTS.has(element.localName)) return null;
    for (const { name } of [...element.attributes]) if (!ATTRIBUTES.has(name)) element.removeAttribute(name);
  }
  const box = document.createElement("span");
  box.className = block ? "cc-math-set cc-math-alone" : "cc-math-set";
  box.append(math);
  return box;
}
