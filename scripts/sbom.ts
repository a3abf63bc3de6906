/**
 * Prints the bill of materials of what users get, in CycloneDX: npm's own list of what the lock file installs for them, and of the packages
 * of development those whose code or data are inside.
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { packagesInside } from "./dependencies/shipped.ts";

interface Component {
  "bom-ref": string;
  name: string;
  scope: string;
  properties: { name: string; value: string }[];
}

interface Bill {
  metadata: { component: Component };
  components: Component[];
  dependencies: { ref: string; dependsOn: string[] }[];
}

const root = fileURLToPath(new URL("..", import.meta.url));
const inside = await packagesInside();
const answer = execFileSync("npm", ["sbom", "--sbom-format", "cyclonedx", "--package-lock-only"], {
  cwd: root,
  maxBuffer: 1 << 26,
});
console.log(JSON.stringify(shippedOnly(JSON.parse(answer.toString("utf8"))), null, 2));

function shippedOnly(bill: Bill): Bill {
  const isDevelopment = ({ properties }: Component) =>
    properties.some(({ name }) => name === "cdx:npm:package:development");
  const components = bill.components
    .filter((each) => !isDevelopment(each) || inside.has(each.name))
    .map((each) => ({ ...each, scope: "required", properties: [] }));
  const { component } = bill.metadata;
  const refs = new Set([component, ...components].map((each) => each["bom-ref"]));
  const dependencies = bill.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((each) => refs.has(each)) }));
  // npm names the project after the folder that it lies in.
  const metadata = { ...bill.metadata, component: { ...component, name: "memory-connector" } };
  return { ...bill, metadata, components, dependencies };
}
