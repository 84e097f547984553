// The panel's words: what its source says through t() and tn(), what it says past them, and what a language has of it.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseSync } from "vite";

/** What people see or hear of an element. */
const ATTRIBUTES = new Set([
  ...["title", "placeholder", "alt", "label", "hint", "text", "summary"],
  ...["aria-label", "aria-description", "aria-roledescription", "aria-valuetext", "aria-placeholder"],
]);
/** The same of an object that a component is given. */
const PROPERTIES = new Set([...ATTRIBUTES, "what", "description", "action"]);
/** Functions that say something to a person. */
const SAYING = new Set([
  "complain",
  "tell",
  "say",
  "setProblem",
  "setNotice",
  "announce",
  "alert",
  "confirm",
]);
const ASSIGNED = new Set([
  "title",
  "placeholder",
  "alt",
  "ariaLabel",
  "ariaDescription",
  "textContent",
  "innerText",
]);
/** Names, the same in every language. */
const NAMES = new Set(["collabchat"]);

const hasWords = (text) => /\p{L}/u.test(text) && !NAMES.has(text.trim());
const isSentence = (text) => /^\s*(\p{Lu}|.*\p{L}\s+\p{L})/u.test(text) && hasWords(text);

/** The texts that an expression may give; what t() and other functions make of something is not looked into. */
function* texts(node) {
  switch (node?.type) {
    case "Literal":
      if (typeof node.value === "string") yield { text: node.value, node };
      return;
    case "JSXText":
      yield { text: node.value.replace(/&#?\w+;/g, " "), node };
      return;
    case "TemplateLiteral":
      yield {
        text: node.quasis.map(({ value }) => value.cooked).join("{}"),
        node,
        made: node.expressions.length > 0,
      };
      for (const expression of node.expressions) yield* texts(expression);
      return;
    case "ConditionalExpression":
      yield* texts(node.consequent);
      yield* texts(node.alternate);
      return;
    case "LogicalExpression":
      if (node.operator !== "&&") yield* texts(node.left);
      yield* texts(node.right);
      return;
    case "BinaryExpression":
      if (node.operator !== "+") return;
      yield* texts(node.left);
      yield* texts(node.right);
      return;
    case "ArrowFunctionExpression":
      if (node.expression) yield* texts(node.body);
      return;
    case "JSXExpressionContainer":
    case "ParenthesizedExpression":
    case "TSAsExpression":
    case "TSSatisfiesExpression":
    case "TSNonNullExpression":
      yield* texts(node.expression);
  }
}

const nameOf = (node) =>
  node?.type === "Identifier" || node?.type === "JSXIdentifier"
    ? node.name
    : node?.type === "Literal"
      ? String(node.value)
      : node?.type === "MemberExpression"
        ? nameOf(node.property)
        : node?.type === "JSXNamespacedName"
          ? `${node.namespace.name}:${node.name.name}`
          : "";

function children(node) {
  return Object.entries(node).flatMap(([key, value]) =>
    key === "parent" ? [] : [value].flat().filter((one) => one && typeof one.type === "string"),
  );
}

/** Keys and problems of one file. */
export function wordsIn(file, source) {
  const keys = [];
  const problems = [];
  const { program, errors } = parseSync(file, source, { lang: "tsx" });
  if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`);
  const at = (node) => `${file}:${source.slice(0, node.start).split("\n").length}`;
  const check = (node, wanted = hasWords) => {
    for (const { text, node: where } of texts(node))
      if (wanted(text)) problems.push(`${at(where)}: “${text.trim().replace(/\s+/g, " ")}” goes past t()`);
  };
  /** The plain texts of an argument of t() or tn(). */
  const plain = (node, call) => {
    const found = [...texts(node)];
    const simple = (one) =>
      one?.type === "ConditionalExpression"
        ? simple(one.consequent) && simple(one.alternate)
        : one?.type === "Literal";
    if (!simple(node)) problems.push(`${at(call)}: what is translated must stand there as a plain text`);
    return found.filter(({ made }) => !made).map(({ text }) => text);
  };
  const visit = (node) => {
    switch (node.type) {
      case "JSXElement":
      case "JSXFragment":
        for (const child of node.children) check(child);
        break;
      case "JSXAttribute":
        if (ATTRIBUTES.has(nameOf(node.name))) check(node.value);
        break;
      case "Property":
        if (!node.computed && PROPERTIES.has(nameOf(node.key))) check(node.value, isSentence);
        break;
      case "AssignmentExpression":
        if (node.left.type === "MemberExpression" && ASSIGNED.has(nameOf(node.left))) check(node.right);
        break;
      case "NewExpression":
        // A sentence that begins with a capital is for a person, one that does not for who writes the panel.
        if (/Error$|^NoAsset$/.test(nameOf(node.callee)))
          check(node.arguments[0], (text) => /^\p{Lu}/u.test(text));
        break;
      case "CallExpression": {
        const name = nameOf(node.callee);
        if (node.callee.type === "Identifier" && name === "t")
          for (const key of plain(node.arguments[0], node)) keys.push({ key, one: null, at: at(node) });
        else if (node.callee.type === "Identifier" && name === "tn") {
          const [one] = plain(node.arguments[1], node);
          for (const key of plain(node.arguments[2], node)) keys.push({ key, one: one ?? "", at: at(node) });
        } else if (SAYING.has(name)) check(node.arguments[0], isSentence);
        else if (name === "setAttribute" && ATTRIBUTES.has(nameOf(node.arguments[0])))
          check(node.arguments[1]);
      }
    }
    for (const child of children(node)) visit(child);
  };
  visit(program);
  return { keys, problems };
}

/** Keys and problems of all files of a folder: a key with its places, and its singular where it counts. */
export async function wordsOf(folder) {
  const keys = new Map();
  const problems = [];
  const files = (await readdir(folder, { recursive: true })).filter(
    (name) => /\.tsx?$/.test(name) && !name.endsWith(".d.ts") && !/^i18n[/\\]index\.ts$/.test(name),
  );
  for (const file of files.sort()) {
    const found = wordsIn(file, await readFile(join(folder, file), "utf8"));
    problems.push(...found.problems);
    for (const { key, one, at } of found.keys) {
      const known = keys.get(key) ?? { one, places: [] };
      if (known.one !== one)
        problems.push(`${at}: “${key}” counts as “${one}” here, and as “${known.one}” at ${known.places[0]}`);
      known.places.push(at);
      keys.set(key, known);
    }
  }
  return { keys, problems };
}

/** The languages that there are beside English. */
export async function languagesIn(folder) {
  const names = await readdir(join(folder, "i18n"));
  return names.filter((name) => name.endsWith(".json")).map((name) => name.slice(0, -".json".length));
}

export const readLanguage = async (folder, code) =>
  JSON.parse(await readFile(join(folder, "i18n", `${code}.json`), "utf8"));

const placeholders = (text) => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))].sort();

/** What a language lacks, what it has left over, and what is wrong with the rest. */
export function compare(code, dictionary, keys) {
  const categories = new Intl.PluralRules(code).resolvedOptions().pluralCategories;
  const missing = [];
  const wrong = [];
  const check = (key, text, needed, allowed) => {
    if (typeof text !== "string" || !text.trim()) return false;
    const has = placeholders(text);
    if (has.some((name) => !allowed.includes(name)) || needed.some((name) => !has.includes(name)))
      wrong.push(`“${key}”: “${text}” has not the same {names}`);
    return true;
  };
  for (const [key, { one }] of keys) {
    const found = dictionary[key];
    const names = placeholders(key);
    if (found === undefined || found === "") missing.push(key);
    else if (one === null) {
      if (!check(key, found, names, names)) wrong.push(`“${key}” needs one text`);
    } else {
      // "One thing" needs no number.
      const counted = placeholders(one).filter((name) => name !== "n");
      const forms = typeof found === "object" ? found : {};
      for (const category of categories) {
        const needed = category === "other" ? names : counted;
        if (!check(key, forms[category], needed, [...names, "n"])) missing.push(`${key} (${category})`);
      }
      const other = Object.keys(forms).filter((category) => !categories.includes(category));
      if (typeof found !== "object" || other.length > 0)
        wrong.push(
          `“${key}” counts: it needs ${categories.map((one) => `"${one}"`).join(", ")} and no others`,
        );
    }
  }
  const superfluous = Object.keys(dictionary).filter((key) => !keys.has(key));
  return { missing, superfluous, wrong };
}

/** A dictionary with every key, in the order of the alphabet; what is not translated yet is empty. */
export function completed(code, dictionary, keys) {
  const categories = new Intl.PluralRules(code).resolvedOptions().pluralCategories;
  const made = {};
  for (const key of [...keys.keys()].sort((a, b) => (a < b ? -1 : 1))) {
    const old = dictionary[key];
    const forms = typeof old === "object" ? old : {};
    made[key] =
      keys.get(key).one === null
        ? typeof old === "string"
          ? old
          : ""
        : Object.fromEntries(categories.map((category) => [category, forms[category] ?? ""]));
  }
  return made;
}
