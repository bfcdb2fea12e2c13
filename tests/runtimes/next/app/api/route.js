import * as logweir from "logweir";
import { trip } from "../../trip.mjs";

export const dynamic = "force-dynamic";
export const GET = () => new Response(trip(logweir));
