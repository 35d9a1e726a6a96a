/** The two verbs a host gives the renderer. Preload implements it over ipcRenderer, the browser host over HTTP and one event stream. */
export interface Bridge {
  /** Resolves to a `Reply`; never rejects for a failure of the application. */
  request(name: string, input: unknown): Promise<unknown>;
  /** Returns the function that ends the subscription. */
  subscribe(listener: (name: string, payload: unknown) => void): () => void;
}
