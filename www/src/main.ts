import "./base/page.css";
import { mount } from "svelte";
import App from "./views/App.svelte";

const target = document.getElementById("app");
if (target) mount(App, { target });

// Once loaded, the page works without a network. Where it cannot, nothing is lost.
if (import.meta.env.PROD && "serviceWorker" in navigator)
  void navigator.serviceWorker.register("./offline.js").catch(() => undefined);
