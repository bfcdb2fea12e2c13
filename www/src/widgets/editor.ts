// An editor of JSON: CodeMirror in a shadow root: there it may bring its styles as a constructed sheet, which a strict style-src allows.
import { closeBrackets } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { bracketMatching, syntaxHighlighting } from "@codemirror/language";
import { type Extension, StateEffect, StateField } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  EditorView,
  keymap,
  lineNumbers,
  MatchDecorator,
  placeholder,
  ViewPlugin,
  type ViewUpdate,
} from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import { completeBy } from "./complete.js";

/** A stretch of text to underline. */
export interface Mark {
  from: number;
  to: number;
}

export interface EditorOptions {
  host: HTMLElement;
  text: string;
  label: string;
  hint: string;
  /** A JSON Schema by which JSON is completed. */
  schema?: Promise<object> | undefined;
  /** Text rather than JSON. */
  plain?: boolean;
  onchange: (text: string) => void;
}

export interface Editor {
  setText(text: string): void;
  setMarks(marks: readonly Mark[]): void;
  /** Selects a stretch of text, scrolls to it and takes the focus. */
  reveal(from: number, to: number): void;
  destroy(): void;
}

const QUIET_MS = 150; // a change is told when nobody has typed for so long

const setMarks = StateEffect.define<readonly Mark[]>();

const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(shown, { changes, effects, newDoc }) {
    let next = shown.map(changes);
    for (const effect of effects) {
      if (!effect.is(setMarks)) continue;
      const ranges = effect.value.map(({ from, to }) => {
        const end = Math.min(Math.max(to, from + 1), newDoc.length);
        return { from: Math.min(from, Math.max(end - 1, 0)), to: end };
      });
      const line = Decoration.mark({ class: "mark" });
      next = Decoration.set(
        ranges.filter(({ from, to }) => from < to).map(({ from, to }) => line.range(from, to)),
        true,
      );
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

const looks = EditorView.theme({
  "&": { height: "100%", color: "var(--text)", backgroundColor: "var(--field)", fontSize: "0.8125rem" },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "-1px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5" },
  ".cm-content": { caretColor: "var(--text)", padding: "0.5rem 0" },
  ".cm-line": { padding: "0 0.75rem 0 0.5rem" },
  ".cm-gutters": {
    backgroundColor: "transparent",
    color: "var(--quiet)",
    border: "none",
    paddingLeft: "0.25rem",
  },
  ".cm-placeholder": { color: "var(--quiet)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--selection)" },
  ".cm-content ::selection": { backgroundColor: "var(--selection)" },
  ".cm-tooltip": {
    backgroundColor: "var(--raised)",
    border: "1px solid var(--line-strong)",
    borderRadius: "6px",
    boxShadow: "var(--shadow)",
    overflow: "hidden",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", maxHeight: "15rem" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "0.15rem 0.6rem" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    backgroundColor: "var(--accent-soft)",
    color: "var(--text)",
  },
  ".cm-completionInfo": { padding: "0.4rem 0.6rem", maxWidth: "24rem", fontFamily: "var(--sans)" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
  ".mark": {
    textDecoration: "underline wavy var(--bad) 1.5px",
    textUnderlineOffset: "3px",
    textDecorationSkipInk: "none",
  },
  ".tok-propertyName": { color: "var(--code-name)" },
  ".tok-string": { color: "var(--code-string)" },
  ".tok-number, .tok-bool, .tok-null": { color: "var(--code-number)" },
  ".tag, .tag *": { color: "var(--code-word)", fontWeight: "600" },
});

/** Tags of templates, in JSON or not. */
const tag = new MatchDecorator({
  regexp: /\{\{\{[^{}]*\}\}\}|\{\{[^{}]*\}\}/g,
  decoration: Decoration.mark({ class: "tag" }),
});
const tags = ViewPlugin.define(
  (view) => ({
    decorations: tag.createDeco(view),
    update(update: ViewUpdate) {
      this.decorations = tag.updateDeco(update, this.decorations);
    },
  }),
  { decorations: (plugin) => plugin.decorations },
);

export function createEditor({ host, text, label, hint, schema, plain, onchange }: EditorOptions): Editor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  let told = text;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tell = () => {
    told = view.state.doc.toString();
    onchange(told);
  };
  const listen = EditorView.updateListener.of((update) => {
    if (!update.docChanged) return;
    clearTimeout(timer);
    timer = setTimeout(tell, QUIET_MS);
  });
  const forLanguage: Extension = [
    plain ? [] : json(),
    tags,
    bracketMatching(),
    closeBrackets(),
    syntaxHighlighting(classHighlighter),
    schema ? completeBy(schema) : [],
  ];
  const view = new EditorView({
    parent: root,
    root,
    doc: text,
    extensions: [
      lineNumbers(),
      history(),
      keymap.of([...defaultKeymap, ...historyKeymap]), // Tab is left to the browser: it moves the focus on
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false", tabindex: "0" }),
      placeholder(hint),
      forLanguage,
      marks,
      looks,
      listen,
    ],
  });
  const clamp = (index: number) => Math.min(Math.max(index, 0), view.state.doc.length);
  return {
    setText(next) {
      if (next === told) return;
      clearTimeout(timer);
      told = next;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next } });
      clearTimeout(timer); // the owner knows this text already
    },
    setMarks(next) {
      view.dispatch({ effects: setMarks.of(next) });
    },
    reveal(from, to) {
      view.dispatch({
        selection: { anchor: clamp(from), head: clamp(to) },
        effects: EditorView.scrollIntoView(clamp(from), { y: "center" }),
      });
      view.focus();
    },
    destroy() {
      clearTimeout(timer);
      view.destroy();
    },
  };
}
