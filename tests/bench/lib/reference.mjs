// A slow redactor that is plainly right, to hold the fast one against: it builds a tree, keeps every number as its text
// (`70000.0`, integers over 2^53), and follows the documented meaning of paths word by word.

/** A number as its text. */
class Num {
  constructor(text) {
    this.text = text;
  }
}
/** An object as its members in order, duplicates included. */
class Members {
  constructor(list) {
    this.list = list;
  }
}

const TOKEN = /\s*([{}[\],:]|"(?:[^"\\]|\\.)*"|[^\s{}[\],:"]+)/y;
const EMBEDDED_DEPTH = 4;

/** @param {string} text @throws {SyntaxError} what JSON.parse refuses */
export function parse(text) {
  JSON.parse(text); // the grammar's judge; what follows may be lenient
  TOKEN.lastIndex = 0;
  const next = () => TOKEN.exec(text)[1];
  const value = (token) => {
    if (token === "{") {
      const list = [];
      for (let key = next(); key !== "}"; key = next()) {
        if (key === ",") continue;
        next(); // the colon
        list.push([JSON.parse(key), value(next())]);
      }
      return new Members(list);
    }
    if (token === "[") {
      const list = [];
      for (let item = next(); item !== "]"; item = next()) if (item !== ",") list.push(value(item));
      return list;
    }
    if (token[0] === '"') return JSON.parse(token);
    if (token === "true" || token === "false" || token === "null") return JSON.parse(token);
    return new Num(token);
  };
  return value(next());
}

/** The document that a string holds, or undefined. */
function embedded(text) {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    const state = TOKEN.lastIndex;
    const tree = parse(text);
    TOKEN.lastIndex = state;
    return tree;
  } catch {
    // The corpora hold none within a rule's reach; what becomes of one is for other tests.
    if (/^\s*(?:\{|\[\s*\{)\s*"/.test(text)) throw new Error("a string that begins as JSON and is none");
    return undefined;
  }
}

/** JSON text of a tree. With `deep`, strings that hold JSON are written as what they hold: escapes and spaces in them no longer count. */
export function write(node, deep = false) {
  if (node instanceof Num) return node.text;
  if (node instanceof Members)
    return `{${node.list.map(([key, value]) => `${JSON.stringify(key)}:${write(value, deep)}`).join(",")}}`;
  if (Array.isArray(node)) return `[${node.map((item) => write(item, deep)).join(",")}]`;
  if (deep && typeof node === "string") {
    const inner = embedded(node);
    if (inner !== undefined) return `json(${write(inner, true)})`;
  }
  return JSON.stringify(node);
}

/** `a.*[2][*].b` → steps. Enough for the benchmark's own paths: no escapes, no `**`. */
function steps(path) {
  return path.match(/\[[^\]]*\]|[^.[\]]+/g).map((step) => {
    if (step === "*" || step === "[*]") return { any: true, array: step !== "*" };
    if (step[0] === "[") return { index: Number(step.slice(1, -1)) };
    return { name: step };
  });
}

/**
 * @param {string[]} paths
 * @param {{ replacement: unknown, strings?: boolean }} options `strings: false` stays out of JSON in strings
 * @returns {(text: string) => { tree: any, fired: number[], entered: number }}
 */
export function redactor(paths, { replacement, strings = true }) {
  const rules = paths.map(steps);
  return (text) => {
    const fired = paths.map(() => 0);
    let entered = 0;

    const apply = (node, rule, at, depth) => {
      if (at === rule.length) {
        fired[rules.indexOf(rule)]++;
        return replacement;
      }
      const step = rule[at];
      if (typeof node === "string") {
        if (!strings || depth === EMBEDDED_DEPTH) return node;
        const inner = embedded(node);
        if (inner === undefined) return node;
        entered++;
        const before = write(inner);
        const after = write(apply(inner, rule, at, depth + 1));
        return before === after ? node : after;
      }
      if (Array.isArray(node)) {
        // A name steps through an array to its elements; `*`, `[*]` and `[n]` take elements themselves.
        if (step.name !== undefined) return node.map((item) => apply(item, rule, at, depth));
        return node.map((item, i) =>
          step.any || step.index === i ? apply(item, rule, at + 1, depth) : item,
        );
      }
      if (node instanceof Members && !step.array && step.index === undefined) {
        return new Members(
          node.list.map(([key, value]) => [
            key,
            step.any || step.name === key ? apply(value, rule, at + 1, depth) : value,
          ]),
        );
      }
      return node;
    };

    let tree = parse(text);
    for (const rule of rules) tree = apply(tree, rule, 0, 0);
    return { tree, fired, entered };
  };
}

/** Where two trees first differ, as a JSON pointer; undefined where they are equal. Strings that hold JSON are compared by what they hold. */
export function difference(a, b, pointer = "") {
  if (typeof a === "string" && typeof b === "string" && a !== b) {
    const [x, y] = [a, b].map((text) => {
      try {
        return embedded(text);
      } catch {
        return undefined;
      }
    });
    return x !== undefined && y !== undefined ? difference(x, y, `${pointer}/(json)`) : pointer;
  }
  if (a instanceof Members && b instanceof Members) {
    for (let i = 0; i < Math.max(a.list.length, b.list.length); i++) {
      const here = `${pointer}/${(a.list[i] ?? b.list[i])[0]}`;
      if (a.list[i]?.[0] !== b.list[i]?.[0]) return here;
      const found = difference(a.list[i][1], b.list[i][1], here);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    for (let i = 0; i < Math.max(a.length, b.length); i++) {
      const found = i in a && i in b ? difference(a[i], b[i], `${pointer}/${i}`) : `${pointer}/${i}`;
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (a instanceof Num && b instanceof Num) return a.text === b.text ? undefined : pointer;
  return Object.is(a, b) ? undefined : pointer;
}
