import { render } from "preact";
import { App } from "./app/app.tsx";
import { applyTheme, storedTheme } from "./theme/theme.ts";
import "./style/base.css";
import "./style/parts.css";
import "./style/board.css";
import "./style/release.css";
import "./style/timeline.css";
import "./style/print.css";

applyTheme(storedTheme());
const root = document.getElementById("app");
if (root !== null) render(<App />, root);
