// The forwarder where the package is no Worker's: for its types, its tokens, and tests in Node.
import "./inline.js";

export * from "../worker/index.js";
