import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/**
 * Builds the window into `out/window`. Everything is a file of our own origin, because the page's policy admits no inline
 * script, no inline style and no data URL except images: hence no module-preload shim and no inlined assets.
 */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react()],
  build: {
    outDir: '../out/window',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: false,
    target: 'chrome140',
    chunkSizeWarningLimit: 1500,
  },
});
