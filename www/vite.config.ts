import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Plugin } from "vite";
import { offline } from "./offline.js";

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

const headers = {
  "Content-Security-Policy": `${contentSecurityPolicy}; frame-ancestors 'none'`,
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};

/** What hosts that read a `_headers` file send along: Cloudflare's static assets, for one. */
const sendHeaders: Plugin = {
  name: "send-headers",
  apply: "build",
  generateBundle() {
    const lines = Object.entries(headers).map(([name, value]) => `  ${name}: ${value}\n`);
    this.emitFile({ type: "asset", fileName: "_headers", source: `/*\n${lines.join("")}` });
  },
};

// In development the tail is that of the forwarder which `npm start` runs beside the page.
const forwarder = process.env.LOGWEIR_FORWARDER;

export default defineConfig({
  base: "./", // the built page may lie in any folder of a host
  plugins: [svelte({ configFile: false }), carryPolicy, offline, sendHeaders],
  worker: { format: "es" },
  build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: forwarder === undefined ? {} : { proxy: { "/tail": forwarder } },
  preview: { headers },
});
