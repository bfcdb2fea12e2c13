// Compiles the policy that it is sent and answers with what is wrong with it.
import { compile, PolicyError } from "logweir";

export default {
  async fetch(request: Request): Promise<Response> {
    try {
      compile(await request.text()).free();
      return Response.json({ problems: [] });
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      return Response.json({ problems: error.problems }, { status: 422 });
    }
  },
};
