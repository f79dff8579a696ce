/** Fills a template in as a team would: its signatures, its answers, its versions and what it leaves out. */
export function filledIn(text: string): string {
  const names: Record<string, string> = {
    CTO: "C. Lane",
    "Security Officer": "S. Okoye",
    "Product Manager": "P. Roth",
  };
  return text
    .replaceAll("yyyy‑mm‑dd", "2025‑06‑11")
    .replace("{OLD_VER:1}", "{17:1}")
    .split("\n")
    .map((line) => {
      const role = /^\|\*\*(.+?)\*\*\|\|\|\|$/.exec(line)?.[1];
      if (role !== undefined && /Manager|CTO|Officer/.test(role)) {
        return `|**${role}**|${names[role] ?? "H. Iqbal"}|2025-06-03|signed|`;
      }
      return line.replace(/^(\|[^|]+\|[^|]+)\|\|\|\|$/, "$1|Yes|2025-06-03 17:00|all there|");
    })
    .join("\n");
}
