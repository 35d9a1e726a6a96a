import { Unplug } from 'lucide-react';
import { Empty } from '../elements/empty.tsx';

/** The page without a session: nothing of the application is in it. */
export function Ended() {
  return (
    <main className="ended">
      <Empty
        icon={Unplug}
        title="This window’s session has ended"
        text="AI4K8s opens a window only with the link that it printed when it started, and each link works once. Open the newest link from its terminal, or start AI4K8s again with npm start."
      />
    </main>
  );
}
