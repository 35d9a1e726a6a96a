import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron';
import type { Bridge } from '../shared/bridge.ts';

/** The two verbs over Electron's wire, and nothing else of Electron: no event object, no channel of another name. */
const bridge: Bridge = {
  request: (name, input) => ipcRenderer.invoke('request', name, input),
  subscribe(listener) {
    const hear = (_: IpcRendererEvent, name: string, payload: unknown) => {
      listener(name, payload);
    };
    ipcRenderer.on('event', hear);
    return () => {
      ipcRenderer.off('event', hear);
    };
  },
};

contextBridge.exposeInMainWorld('bridge', bridge);
