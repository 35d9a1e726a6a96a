import { create } from 'zustand';

interface Actions {
  readonly shown: 'palette' | 'keys' | null;
}

/** Which of the two overlays that any view can open is open. */
export const useActions = create<Actions>(() => ({ shown: null }));

export const openPalette = (): void => useActions.setState({ shown: 'palette' });
export const openKeys = (): void => useActions.setState({ shown: 'keys' });
export const closeOverlay = (): void => useActions.setState({ shown: null });
