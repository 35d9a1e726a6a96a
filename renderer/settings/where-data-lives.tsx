import { Copy } from 'lucide-react';
import { IconButton } from '../elements/icon-button.tsx';
import { Setting } from '../elements/setting.tsx';
import { copyText, useSession } from '../session/store.ts';

export function WhereDataLives() {
  const host = useSession((session) => session.host);
  return (
    <div className="page-column">
      <h1>Where data lives</h1>
      <div className="card">
        <Setting
          title="On this machine"
          text="Conversations, command history, the journal, cluster marks and settings. Nothing is sent anywhere but to your clusters and to MCP servers that you add."
        >
          <code className="path">{host?.dataDir ?? ''}</code>
          <IconButton
            icon={Copy}
            label="Copy"
            onClick={() => {
              copyText(host?.dataDir ?? '').catch(() => undefined);
            }}
          />
        </Setting>
        <Setting
          title="Cluster credentials"
          text="They stay in your kubeconfig files, which are never written. Only the gate reads them; kubernetes-mcp-server holds none."
        />
        <Setting
          title="Version"
          text={`AI4K8s ${host?.version ?? ''} on ${host?.platform ?? ''}, in the ${host?.kind ?? ''} host`}
        />
      </div>
    </div>
  );
}
