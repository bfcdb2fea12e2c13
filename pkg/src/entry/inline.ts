// Everywhere else: the module travels inside the package as text, so that importing is all there is to do.
import { bytes } from "../../wasm/inline.js";
import { load } from "../instance.js";

load(bytes());

export * from "../index.js";
