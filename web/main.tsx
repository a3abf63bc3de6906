import { render } from "preact";
import { App } from "./shell/app.tsx";
import { applyTheme } from "./shell/theme.ts";
import "./style/index.css";

applyTheme();
render(<App />, document.getElementById("app") as HTMLElement);
