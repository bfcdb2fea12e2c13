// The forwarder in Cloudflare Workers.
import "./workerd.js";

export * from "../worker/index.js";
