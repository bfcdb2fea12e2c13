// Cloudflare Workers: the platform hands the module over compiled.
import wasm from "../../wasm/core_bg.wasm";
import { load } from "../instance.js";

load(wasm);

export * from "../index.js";
