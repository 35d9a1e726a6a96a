import { yaml } from '@codemirror/lang-yaml';
import {
  codeFolding,
  ensureSyntaxTree,
  foldEffect,
  foldGutter,
  foldKeymap,
  foldable,
  HighlightStyle,
  syntaxHighlighting,
} from '@codemirror/language';
import { openSearchPanel, search, searchKeymap } from '@codemirror/search';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useRef, type RefObject } from 'react';
import { foldSummary } from './fold-summary.ts';
import { yamlTheme } from './yaml-theme.ts';

export interface YamlHandle {
  readonly search: () => void;
}

interface Props {
  readonly text: string;
  /** Its accessible name. */
  readonly label: string;
  readonly handle: RefObject<YamlHandle | null>;
}

/**
 * YAML or JSON to read: folded, highlighted, searched. It lives in a shadow root, because only there does CodeMirror use
 * adopted style sheets; in the document it would write style elements, which the page's policy refuses.
 */
export function Yaml({ text, label, handle }: Props) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (host.current === null) return;
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open' });
    const view = new EditorView({
      root,
      parent: root,
      state: EditorState.create({ doc: text, extensions: extensions(label) }),
    });
    view.dispatch({ effects: firstFolds(view.state) });
    handle.current = {
      search: () => {
        view.focus();
        openSearchPanel(view);
      },
    };
    return () => {
      handle.current = null;
      view.destroy();
    };
  }, [text, label, handle]);
  return <div ref={host} className="yaml" />;
}

/** Below this many lines there is nothing to gain by folding. */
const worthFolding = 8;
/** At most this long is waited for the document's structure. */
const parseMs = 300;
const foldedAtFirst = /^(?:metadata|status):\s*$/;

function firstFolds(state: EditorState) {
  ensureSyntaxTree(state, state.doc.length, parseMs);
  const effects = [];
  for (let number = 1; number <= state.doc.lines; number++) {
    const line = state.doc.line(number);
    if (!foldedAtFirst.test(line.text)) continue;
    const range = foldable(state, line.from, line.to);
    if (range === null) continue;
    if (state.doc.lineAt(range.to).number - number >= worthFolding) effects.push(foldEffect.of(range));
  }
  return effects;
}

const highlight = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--accent)' },
  { tag: [tags.comment], color: 'var(--text3)' },
  { tag: [tags.separator, tags.punctuation, tags.squareBracket, tags.brace], color: 'var(--text2)' },
]);

function extensions(label: string): Extension[] {
  return [
    lineNumbers(),
    foldGutter({
      markerDOM: (open) => {
        const marker = document.createElement('span');
        marker.textContent = open ? '⌄' : '›';
        return marker;
      },
    }),
    codeFolding({
      preparePlaceholder: (state, range) => foldSummary(state.sliceDoc(range.from, range.to)),
      placeholderDOM: (_view, onClick, summary: string) => {
        const chip = document.createElement('button');
        chip.type = 'button';
        chip.className = 'fold-chip';
        chip.textContent = summary;
        chip.setAttribute('aria-label', `unfold ${summary}`);
        chip.onclick = onClick;
        return chip;
      },
    }),
    yaml(),
    syntaxHighlighting(highlight),
    search({ top: true }),
    highlightActiveLine(),
    EditorState.readOnly.of(true),
    EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
    keymap.of([...searchKeymap, ...foldKeymap]),
    yamlTheme,
  ];
}
