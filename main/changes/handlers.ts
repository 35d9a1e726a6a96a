import type { HandlersFor } from '../../shared/channel.ts';
import type { changeChannels } from '../../shared/changes.ts';
import type { Changes } from './changes.ts';

export function changeHandlers(changes: Changes): HandlersFor<typeof changeChannels> {
  return {
    'changes.get': ({ change }, caller) => changes.get(change, caller),
    'changes.pending': (_input, caller) => changes.pending(caller),
    'changes.approve': ({ change, digest, typedName }, caller) => changes.approve(change, digest, typedName, caller),
    'changes.cancel': ({ change }, caller) => changes.cancel(change, caller),
    'changes.preview-again': ({ change }, caller) => changes.previewAgain(change, caller),
    'changes.journal': ({ before, limit }, caller) => changes.journal(before, limit, caller),
    'changes.undo': ({ seq }, caller) => changes.undo(seq, caller),
  };
}
