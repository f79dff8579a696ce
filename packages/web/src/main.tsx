import { render } from "preact";
import { App } from "./app/app.tsx";
import "./style/base.css";
import "./style/parts.css";
import "./style/release.css";
import "./style/timeline.css";

const root = document.getElementById("app");
if (root !== null) render(<App />, root);
