// Where files can be read at once: the module lies beside the code.
import { readFileSync } from "node:fs";
import { load } from "../instance.js";

load(readFileSync(new URL("../../wasm/store_bg.wasm", import.meta.url)));

export * from "./store.js";
