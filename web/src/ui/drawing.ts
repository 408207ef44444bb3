import { armTone } from "./ArmBadge";

// A chart as a picture of its own: with what the style sheet says written into it,
// in light colours, under its title.

const space = "http://www.w3.org/2000/svg";
const margin = 20;
const looks = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity", "font-family", "font-size", "font-weight", "text-anchor", "dominant-baseline", "paint-order"];

export interface Key {
  arm: string;
  text: string;
}

/** An SVG document that looks the same anywhere. */
export function standalone(chart: SVGSVGElement, title: string, keys: Key[]): string {
  const width = chart.width.baseVal.value + 2 * margin;
  const lines = keyLines(keys, width - 2 * margin);
  const top = margin + 30 + 22 * lines.length;
  const height = top + chart.height.baseVal.value + margin;
  const out = element("svg", { width, height, viewBox: `0 0 ${width} ${height}` });
  out.append(element("rect", { width, height, class: "picture-ground" }), element("text", { x: margin, y: margin + 14, class: "picture-title" }, title));
  lines.forEach((line, i) => {
    const y = margin + 38 + 22 * i;
    for (const k of line) {
      const g = element("g", { class: armTone(k.arm) });
      g.append(element("rect", { x: margin + k.x, y: y - 10, width: 12, height: 12, rx: 3, class: "picture-key" }), element("text", { x: margin + k.x + 18, y, class: "picture-text" }, k.text));
      out.append(g);
    }
  });
  const inner = element("g", { transform: `translate(${margin} ${top})` });
  for (const child of chart.childNodes) inner.append(child.cloneNode(true));
  out.append(inner);
  settle(out);
  out.setAttribute("xmlns", space);
  return new XMLSerializer().serializeToString(out);
}

/** Writes the looks that the style sheet gives into attributes. */
function settle(svg: SVGElement): void {
  const host = document.createElement("div");
  host.className = "picture chart";
  host.append(svg);
  document.body.append(host);
  const paint = painter();
  const all = [...svg.querySelectorAll<SVGElement>("*")];
  const found = all.map((e) => {
    const style = getComputedStyle(e);
    return looks.map((name) => [name, name === "fill" || name === "stroke" ? paint(style.getPropertyValue(name)) : style.getPropertyValue(name)] as const);
  });
  all.forEach((e, i) => {
    e.removeAttribute("class");
    for (const [name, value] of found[i] ?? []) if (value !== "") e.setAttribute(name, value);
  });
  host.remove();
}

/** Colours that any program knows: mixed ones are computed in spaces that some do not. */
function painter(): (color: string) => string {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const c = canvas.getContext("2d", { willReadFrequently: true });
  return (color) => {
    if (!c || !/^(oklab|oklch|color|lab|lch)\(/.test(color)) return color;
    c.clearRect(0, 0, 1, 1);
    c.fillStyle = color;
    c.fillRect(0, 0, 1, 1);
    const [r, g, b] = c.getImageData(0, 0, 1, 1).data;
    return `rgb(${r}, ${g}, ${b})`;
  };
}

const letter = 7.2; // about a letter's width, in pixels

/** Lays keys out in lines of a width. */
function keyLines(keys: Key[], width: number): (Key & { x: number })[][] {
  const lines: (Key & { x: number })[][] = [];
  let x = Infinity;
  for (const k of keys) {
    const wide = 18 + k.text.length * letter + 20;
    if (x + wide > width) {
      lines.push([]);
      x = 0;
    }
    lines.at(-1)?.push({ ...k, x });
    x += wide;
  }
  return lines;
}

function element(name: string, attributes: Record<string, string | number>, text?: string): SVGElement {
  const e = document.createElementNS(space, name);
  for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, String(v));
  if (text !== undefined) e.textContent = text;
  return e;
}

/** The same as an image of twice its size in pixels. */
export async function png(svg: string): Promise<Blob> {
  const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    await new Promise((resolve, reject) => {
      image.onload = resolve;
      image.onerror = () => reject(new Error("the chart cannot be drawn as an image"));
      image.src = address;
    });
    const canvas = document.createElement("canvas");
    canvas.width = 2 * image.width;
    canvas.height = 2 * image.height;
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => canvas.toBlob((b) => (b ? resolve(b) : reject(new Error("the image cannot be encoded"))), "image/png"));
  } finally {
    URL.revokeObjectURL(address);
  }
}
