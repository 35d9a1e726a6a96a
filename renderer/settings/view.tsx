import { show, useSession } from '../session/store.ts';
import { Appearance } from './appearance.tsx';
import { ClusterSettings } from './cluster-settings.tsx';
import { Servers } from './servers.tsx';
import { WhereDataLives } from './where-data-lives.tsx';

const sections = [
  { id: 'clusters', label: 'Clusters', draw: ClusterSettings },
  { id: 'servers', label: 'MCP servers', draw: Servers },
  { id: 'appearance', label: 'Appearance', draw: Appearance },
  { id: 'data', label: 'Where data lives', draw: WhereDataLives },
] as const;

interface Props {
  /** Drawn in the place of a section. */
  readonly children?: React.ReactNode;
}

/** The settings' list and the chosen section. */
export function SettingsView({ children }: Props) {
  const section = useSession((session) => session.section);
  const chosen = sections.find((other) => other.id === section) ?? sections[0];
  const isCheck = children !== undefined;
  const Section = chosen.draw;
  return (
    <div className="settings">
      <nav className="settings-list" aria-label="Settings">
        <h2>Settings</h2>
        {sections.map(({ id, label }) => (
          <button
            key={id}
            type="button"
            aria-current={!isCheck && id === chosen.id ? 'page' : undefined}
            onClick={() => show('settings', id)}
          >
            {label}
          </button>
        ))}
        <h3>Care</h3>
        <button type="button" aria-current={isCheck ? 'page' : undefined} onClick={() => show('self-check')}>
          Self-check
        </button>
      </nav>
      <main className="page" tabIndex={-1}>
        {children ?? <Section />}
      </main>
    </div>
  );
}
