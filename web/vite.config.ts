import { defineConfig } from "vite";
import { compressFiles } from "../scripts/build/compress-files.ts";
import { nameThirdParties } from "../scripts/build/third-parties.ts";

/**
 * The page of `serve`. Its files name each other by relative addresses, so that it works below any path; nothing is inline, so that a
 * strict policy holds (docs/decisions/330).
 */
export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  plugins: [nameThirdParties(), compressFiles()],
  build: {
    outDir: "../dist/web",
    emptyOutDir: true,
    target: "es2022",
    // A file inside another would be a `data:` address, which the policy refuses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
