import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { followChanges, loadPending } from './changes/store.ts';
import { followDeletions } from './chat/deletions.ts';
import { followChat, loadChat, sendTo } from './chat/store.ts';
import { followClusters, loadClusters } from './clusters/store.ts';
import { followCommands } from './commands/store.ts';
import { RowCommandContext } from './commands/use-row-command.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import { startSession } from './session/store.ts';
import { offerWindowActions } from './window-actions.ts';
import './theme/tokens.css';
import './theme/base.css';
import './elements/elements.css';
import './elements/table.css';
import './window.css';
import './clusters/clusters.css';
import './chat/chat.css';
import './commands/commands.css';
import './changes/changes.css';
import './settings/settings.css';
import './actions/actions.css';

followClusters();
followCommands();
followChanges();
followChat();
followDeletions();
offerWindowActions();
startSession(async () => {
  await Promise.all([loadClusters(), loadChat(), loadPending()]);
});

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <ErrorBoundary>
    <RowCommandContext
      value={(line, result) => {
        sendTo(line, { cluster: result.cluster, namespace: result.namespace }).catch(() => undefined);
      }}
    >
      <App />
    </RowCommandContext>
  </ErrorBoundary>,
);
