// A line chart as SVG: time in milliseconds by number of instances.
const width = 640;
const height = 360;
const margin = { left: 70, right: 20, top: 30, bottom: 50 };

const barsHeight = 90;

/**
 * @param series lists of [number of instances, milliseconds]; `first` holds the milliseconds of a first lookup.
 */
export function chart({ ours, plain, first }) {
  const most = [...ours, ...plain].reduce(([x, y], [a, b]) => [Math.max(x, a), Math.max(y, b)], [0, 0]);
  const x = (count) => margin.left + (count / most[0]) * (width - margin.left - margin.right);
  const y = (time) => height - margin.bottom - (time / most[1]) * (height - margin.top - margin.bottom);
  const line = (points, colour) =>
    `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${points.map(([a, b]) => `${x(a).toFixed(1)},${y(b).toFixed(1)}`).join(" ")}"/>` +
    points
      .map(([a, b]) => `<circle cx="${x(a).toFixed(1)}" cy="${y(b).toFixed(1)}" r="3" fill="${colour}"/>`)
      .join("");
  const ticks = (most, steps) => Array.from({ length: steps + 1 }, (_, index) => (most / steps) * index);
  const text = (px, py, content, anchor = "middle") =>
    `<text x="${px.toFixed(1)}" y="${py.toFixed(1)}" text-anchor="${anchor}">${content}</text>`;
  const longest = width - margin.left - margin.right - 60;
  const bar = (top, time, colour) => {
    const length = (time / Math.max(first.ours, first.plain)) * longest;
    return `<rect x="${margin.left}" y="${top}" width="${length.toFixed(1)}" height="16" fill="${colour}"/>${text(margin.left + length + 6, top + 12, `${time.toFixed(0)} ms`, "start")}`;
  };
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height + barsHeight}" font-family="sans-serif" font-size="12" role="img">
<title>Time to list instances at 50 ms per call</title>
<rect width="${width}" height="${height + barsHeight}" fill="white"/>
${ticks(most[0], 4)
  .map((count) => text(x(count), height - margin.bottom + 18, Math.round(count).toLocaleString("en")))
  .join("\n")}
${ticks(most[1], 5)
  .map(
    (time) =>
      text(margin.left - 8, y(time) + 4, `${(time / 1000).toFixed(1)} s`, "end") +
      `<line x1="${margin.left}" x2="${width - margin.right}" y1="${y(time).toFixed(1)}" y2="${y(time).toFixed(1)}" stroke="#ddd"/>`,
  )
  .join("\n")}
${line(plain, "#c0504d")}
${line(ours, "#1f6feb")}
${text(width / 2, height - 10, "instances (100 per page, 50 ms per call)")}
<rect x="90" y="36" width="12" height="3" fill="#c0504d"/>${text(108, 42, "one page after another with the vendor's SDK", "start")}
<rect x="90" y="54" width="12" height="3" fill="#1f6feb"/>${text(108, 60, "getInstances", "start")}
${text(margin.left, height + 15, "first lookup of a process, import included", "start")}
${bar(height + 25, first.plain, "#c0504d")}
${bar(height + 50, first.ours, "#1f6feb")}
</svg>
`;
}
