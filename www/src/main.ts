import "./base/page.css";
import { mount } from "svelte";
import App from "./views/App.svelte";

const target = document.getElementById("app");
if (target) mount(App, { target });
