import { ArrowUp, ShieldCheck, SquareTerminal, CircleHelp, KeyRound } from 'lucide-react';
import { useLayoutEffect, useRef, useState } from 'react';
import { selectedOf, useClusters } from '../clusters/store.ts';
import { Square } from '../clusters/square.tsx';
import { CompletionList } from './completion-list.tsx';
import { composerField } from './composer-field.ts';
import { isCommand } from '../../shared/command-line.ts';
import { changeDraft, send, useChat } from './store.ts';
import { useCompletion } from './use-completion.ts';

/** Where questions and commands are typed. What Enter will do is said before Enter. */
export function Composer() {
  const draft = useChat((chat) => chat.draft);
  const history = useChat((chat) => chat.history);
  const cluster = useClusters(selectedOf);
  const field = useRef<HTMLTextAreaElement>(null);
  const [back, setBack] = useState(-1);
  const completion = useCompletion(field);
  const command = isCommand(draft);

  useLayoutEffect(() => {
    const area = field.current;
    if (area === null) return;
    composerField.current = area;
    area.rows = 1;
    const lines = Math.round((area.scrollHeight - 4) / 20);
    area.rows = Math.min(8, Math.max(1, lines));
  }, [draft]);

  const type = (text: string) => {
    setBack(-1);
    changeDraft(text);
  };
  const submit = () => {
    completion.close();
    setBack(-1);
    send(draft).catch(() => undefined);
    field.current?.focus();
  };
  const recall = (step: 1 | -1): boolean => {
    const next = back + step;
    const past = next === -1 ? '' : history[next];
    if (past === undefined || next < -1) return false;
    setBack(next);
    changeDraft(past);
    return true;
  };

  const onKeyDown = (event: React.KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing || completion.onKeyDown(event)) return;
    if (event.key === 'Enter' && !event.shiftKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      submit();
    } else if (event.key === 'ArrowUp' && (draft === '' || back >= 0)) {
      if (recall(1)) event.preventDefault();
    } else if (event.key === 'ArrowDown' && back >= 0) {
      if (recall(-1)) event.preventDefault();
    }
  };

  return (
    <div className="composer" data-command={command}>
      <div className="composer-line">
        <span className="mode" data-command={command} aria-live="polite">
          {command ? <SquareTerminal size={14} aria-hidden="true" /> : <CircleHelp size={14} aria-hidden="true" />}
          {command ? 'Command' : 'Question'}
        </span>
        <div className="composer-field">
          <textarea
            ref={field}
            aria-label="Ask a question or type a command"
            placeholder="Ask a question or type a command"
            rows={1}
            value={draft}
            spellCheck={!command}
            autoComplete="off"
            autoCapitalize="off"
            autoFocus
            aria-autocomplete="list"
            {...(completion.open && {
              'aria-controls': 'completions',
              'aria-activedescendant': `completion-${String(completion.chosen)}`,
            })}
            onChange={(event) => {
              type(event.target.value);
              completion.ask(event.target.value, event.target.selectionStart);
            }}
            onBlur={completion.close}
            onKeyDown={onKeyDown}
          />
          {completion.open && <CompletionList {...completion} />}
        </div>
      </div>
      <div className="composer-line composer-foot">
        {cluster !== null && (
          <span className="composer-target">
            <Square cluster={cluster} size="dot" />
            <strong>{cluster.name}</strong>
            <span className="meta">/ {cluster.namespace}</span>
          </span>
        )}
        {command ? (
          <span className="composer-note">
            <ShieldCheck size={14} aria-hidden="true" /> Runs here through the gate
            <i aria-hidden="true">·</i> Nothing goes to Groq
          </span>
        ) : (
          <span className="composer-note">
            <KeyRound size={14} aria-hidden="true" /> No assistant yet: commands work, questions are kept
          </span>
        )}
        <button
          type="button"
          className="send"
          aria-label="Send"
          title="Send (Enter)"
          disabled={draft.trim() === ''}
          onClick={submit}
        >
          <ArrowUp size={16} aria-hidden="true" />
        </button>
      </div>
    </div>
  );
}
