// What a user's Worker looks like: receive events, let the policy work on them, answer with what may go on.
import { compile } from "logweir";
import policy from "./policy.json";

const weir = compile(policy);

export default {
  fetch(request: Request): Response {
    if (!request.body) return new Response("Send events as the body of a POST.\n", { status: 400 });
    const redacted = request.body.pipeThrough(weir.stream());
    return new Response(redacted, { headers: { "content-type": "application/x-ndjson" } });
  },
};
