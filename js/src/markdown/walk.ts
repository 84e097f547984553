const NO_PROSE = new Set(["code", "a", "button", "math"]);

/** The pieces of text that are no code, no TeX and no link. */
export function prose(root: Node): Text[] {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT, (node) => {
    if (node.nodeType === Node.TEXT_NODE) return NodeFilter.FILTER_ACCEPT;
    const element = node as Element;
    const other = NO_PROSE.has(element.localName) || element.getAttribute("role") === "link";
    return other ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_SKIP;
  });
  const found: Text[] = [];
  while (walker.nextNode()) found.push(walker.currentNode as Text);
  return found;
}

/** Replace what matches within the pieces of text by something else; null leaves it as it is. */
export function replaceIn(
  nodes: Text[],
  pattern: RegExp,
  make: (match: RegExpMatchArray) => { made: string | Node; length: number } | null,
): void {
  for (const node of nodes) {
    const parts: (string | Node)[] = [];
    let end = 0;
    for (const match of node.data.matchAll(pattern)) {
      const found = make(match);
      if (!found) continue;
      parts.push(node.data.slice(end, match.index), found.made);
      end = (match.index ?? 0) + found.length;
    }
    if (end > 0) node.replaceWith(...parts, node.data.slice(end));
  }
}
