/** One scrape of a server's metrics. */
export type Scrape = {
  /** Sum over the series of that name (without `lajna_`) whose labels hold `labels`, such as `code="late"`; 0 where there is none. */
  of(name: string, labels?: string): number
}

export async function scrape(url: string): Promise<Scrape> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return {
    of: (name, labels = '') =>
      text
        .split('\n')
        .filter((line) => (line.startsWith(`lajna_${name}{`) || line.startsWith(`${name}{`)) && line.includes(labels))
        .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0),
  }
}
