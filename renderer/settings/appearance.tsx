import { Setting } from '../elements/setting.tsx';
import { changeSettings, useSession } from '../session/store.ts';

const themes = [
  { value: 'system', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const;

export function Appearance() {
  const theme = useSession((session) => session.settings.theme);
  return (
    <div className="page-column">
      <h1>Appearance</h1>
      <div className="card">
        <Setting title="Theme" text="System follows this computer while it changes.">
          <div className="segments" role="radiogroup" aria-label="Theme">
            {themes.map(({ value, label }) => (
              <button
                key={value}
                type="button"
                role="radio"
                aria-checked={theme === value}
                tabIndex={theme === value ? 0 : -1}
                onKeyDown={(event) => {
                  const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
                  const at = themes.findIndex((other) => other.value === theme);
                  const next = themes[(at + step + themes.length) % themes.length];
                  if (step === 0 || next === undefined) return;
                  event.preventDefault();
                  event.currentTarget.parentElement?.querySelectorAll('button').item(themes.indexOf(next)).focus();
                  changeSettings({ theme: next.value }).catch(() => undefined);
                }}
                onClick={() => {
                  changeSettings({ theme: value }).catch(() => undefined);
                }}
              >
                {label}
              </button>
            ))}
          </div>
        </Setting>
      </div>
    </div>
  );
}
