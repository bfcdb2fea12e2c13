import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Plugin } from "vite";

// What the page may do: run its own scripts, instantiate wasm, talk to nobody but the place it came from. A host that
// serves www/dist should send this as a header; the page carries it as well, for hosts that cannot.
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self'",
  "worker-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

const carryPolicy: Plugin = {
  name: "carry-content-security-policy",
  apply: "build", // the development server puts inline scripts into the page
  transformIndexHtml: () => [
    {
      tag: "meta",
      attrs: { "http-equiv": "Content-Security-Policy", content: contentSecurityPolicy },
      injectTo: "head-prepend",
    },
  ],
};

export default defineConfig({
  base: "./", // the built page may lie in any folder of a host
  plugins: [svelte({ configFile: false }), carryPolicy],
  worker: { format: "es" },
  build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  preview: {
    headers: {
      "Content-Security-Policy": `${contentSecurityPolicy}; frame-ancestors 'none'`,
      "Referrer-Policy": "no-referrer",
      "X-Content-Type-Options": "nosniff",
    },
  },
});
