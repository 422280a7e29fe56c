/* Draws a table as bars: <figure data-chart="bars"> (or "rows", lying, or "flow") holds a canvas place and the table with the figures.
   The table stays the text of the picture; without this file it is simply the table. Its first column names the bars; a head
   with data-skip is left out of the picture, heads with the same data-stack are parts of one bar. A cell says its number in
   data-value where its words do not; with data-hidden its number is not told: the picture shows its words and no bar. Where no
   number is told there is no picture. With data-money on the figure numbers are yen, and it holds how a short one is written, "¥{}". */
(() => {
  'use strict';
  const INK = '#1a1a1a';
  const QUIET = '#5c5c66';
  const LINE = '#dcdde4';
  /* Told apart in all common forms of colour blindness; the hatching tells them apart in black and white. */
  const COLOURS = ['#0017c1', '#e8a317', '#00838f', '#b0447c', '#5c5c66', '#8cb4ff'];
  const FONT = "'Noto Sans JP Variable', 'Noto Sans JP', sans-serif";
  const SHORT = new Intl.NumberFormat(document.documentElement.lang || 'ja', { notation: 'compact', maximumFractionDigits: 1 });
  const words = (cell) => cell.textContent.trim();
  const isHidden = (cell) => cell.dataset.hidden !== undefined;
  const whole = (cell) => Number(cell.dataset.value ?? words(cell).replace('\u2212', '-').replace(/[^\d.-]/g, '')) || 0;

  /* A number, or the words that stand for one which is not told. */
  const told = (cell) => (isHidden(cell) ? { value: 0, label: { show: true, color: QUIET, fontSize: 13, formatter: words(cell) } } : whole(cell));
  const numbers = (table) => Array.from(table.tBodies[0].querySelectorAll('[data-value], [data-hidden]'));
  const isEmpty = (table) => numbers(table).some(isHidden) && !numbers(table).some((cell) => !isHidden(cell) && whole(cell));

  function read(table) {
    const heads = Array.from(table.tHead.rows[0].cells);
    const rows = Array.from(table.tBodies[0].rows).filter((row) => row.dataset.skip === undefined);
    const last = table.dataset.total === undefined ? heads.length : heads.length - 1;
    const shown = heads.map((head, place) => ({ head, place })).slice(1, last).filter(({ head }) => head.dataset.skip === undefined);
    return {
      categories: rows.map((row) => words(row.cells[0])),
      series: shown.map(({ head, place }) => ({
        name: words(head), stack: head.dataset.stack ?? 'all', values: rows.map((row) => told(row.cells[place])),
      })),
    };
  }

  /* How numbers are written: on the axis short, beside a bar whole. */
  function writing(figure) {
    const money = figure.dataset.money;
    if (money === undefined) return { axis: (n) => n.toLocaleString('en'), bar: (n) => n.toLocaleString('en') };
    return {
      axis: (n) => (n < 0 ? '\u2212' : '') + money.replace('{}', SHORT.format(Math.abs(n))),
      bar: (n) => `${n < 0 ? '\u2212' : ''}\u00a5${Math.abs(n).toLocaleString('en')}`,
    };
  }

  function options(figure, data) {
    const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    const lying = figure.dataset.chart === 'rows';
    const write = writing(figure);
    const narrow = figure.clientWidth < 480; /* the legend needs a second line */
    const place = figure.querySelector('[data-chart-place]');
    const few = !lying && data.categories.length <= 6; /* each has its name, in lines where it is long */
    const names = { type: 'category', data: data.categories, inverse: lying, axisTick: { show: false }, axisLine: { lineStyle: { color: LINE } }, axisLabel: { color: INK, fontSize: few && narrow ? 12 : 14, hideOverlap: !lying && !few, ...(few ? { interval: 0, width: Math.floor((place.clientWidth - 48) / data.categories.length) - 4, overflow: 'break' } : {}) } };
    const numbers = { type: 'value', name: lying ? '' : figure.dataset.unit ?? '', nameTextStyle: { color: QUIET, align: 'left' }, minInterval: 1, splitNumber: lying ? 3 : 5, splitLine: { lineStyle: { color: LINE } }, axisLabel: { color: QUIET, fontSize: 13, hideOverlap: true, formatter: write.axis } };
    return {
      animation: !still,
      color: COLOURS,
      textStyle: { fontFamily: FONT, fontSize: 14, color: INK },
      aria: { enabled: true, label: { enabled: false }, decal: { show: true } },
      legend: { show: data.series.length > 1, bottom: 0, icon: 'roundRect', textStyle: { color: INK, fontSize: 14 } },
      grid: { left: 8, right: lying ? 32 : 8, top: lying ? 8 : 36, bottom: data.series.length < 2 ? 8 : narrow ? 72 : 44, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
      tooltip: { trigger: 'axis', renderMode: 'richText', confine: true, axisPointer: { type: 'shadow' }, valueFormatter: write.bar },
      xAxis: lying ? numbers : names,
      yAxis: lying ? names : numbers,
      series: data.series.map((one) => ({ type: 'bar', label: { position: lying ? 'right' : 'top' }, stack: one.stack, name: one.name, data: one.values, barMaxWidth: lying ? 28 : 56 })),
    };
  }

  /* A flow: a row from one thing to another with a number, which stands in the third column. Words of both ends stay whole and
     inside: ends at the right have theirs at the left. What is not told is a thin pale link, and its ends have no sum. */
  function flow(table, isNarrow) {
    const rows = Array.from(table.tBodies[0].rows).map(({ cells }) => ({ source: words(cells[0]), target: words(cells[1]), cell: cells[2] }));
    const most = Math.max(...rows.map(({ cell }) => (isHidden(cell) ? 0 : whole(cell))));
    const links = rows.map(({ source, target, cell }) => ({
      source, target, value: isHidden(cell) ? most / 20 : whole(cell), said: words(cell), untold: isHidden(cell), lineStyle: isHidden(cell) ? { color: LINE, opacity: 0.6, type: 'dashed' } : {},
    })).filter((link) => link.value);
    const untold = new Set(links.filter((link) => link.untold).flatMap((link) => [link.source, link.target]));
    const starts = new Set(links.map((link) => link.source));
    const ends = new Set(links.map((link) => link.target));
    /* Where there is little room each column has a band for its words: the first beside its top, all others at their left. */
    const side = (name) => {
      if (!isNarrow) return { position: starts.has(name) ? 'right' : 'left' };
      return ends.has(name) ? { position: 'left' } : { position: ['150%', 4], align: 'left', verticalAlign: 'top' };
    };
    const names = new Set(links.flatMap((link) => [link.source, link.target]));
    return {
      animation: false,
      color: COLOURS,
      textStyle: { fontFamily: FONT, fontSize: 14, color: INK },
      tooltip: { trigger: 'item', renderMode: 'richText', confine: true, formatter: ({ data, name, value }) => (data.said ? `${data.source} \u2192 ${data.target}: ${data.said}` : untold.has(name) ? name : `${name}: ${value.toLocaleString('en')}`) },
      series: [{
        type: 'sankey', left: 8, right: 8, top: 12, bottom: 12, nodeGap: 40, draggable: false, links, lineStyle: { color: 'source', opacity: 0.35 },
        data: Array.from(names, (name) => ({ name, label: side(name) })),
        label: { color: INK, fontSize: 13, width: isNarrow ? 92 : 104, overflow: 'break', formatter: ({ name, value }) => (untold.has(name) ? name : `${name}\n${value.toLocaleString('en')}`) },
      }],
    };
  }

  /* A PNG twice as fine as the screen, on white, with the finding as its heading */
  function save(chart, figure) {
    const link = document.createElement('a');
    /* without animation: the picture is taken at once */
    chart.setOption({ animation: false, title: { text: figure.dataset.finding ?? '', left: 0, top: 0, textStyle: { fontSize: 15, color: INK } }, grid: { top: 64 } });
    link.href = chart.getDataURL({ type: 'png', pixelRatio: 2, backgroundColor: '#fff' });
    chart.setOption({ title: { text: '' }, grid: { top: 36 } });
    link.download = `${figure.dataset.file ?? 'chart'}.png`;
    link.click();
  }

  /* Words are measured once: first the pieces of the font that they need must be there. Nobody waits for them for ever. */
  function withFont(figure, then) {
    const late = new Promise((resolve) => setTimeout(resolve, 2000));
    Promise.race([document.fonts.load(`14px ${FONT}`, figure.textContent + figure.dataset.money), late]).then(then, then);
  }

  function draw(figure) {
    const place = figure.querySelector('[data-chart-place]');
    const table = figure.querySelector('table');
    if (!place || !table || isEmpty(table)) return;
    figure.classList.add('has-chart');
    withFont(figure, () => drawIn(figure, place, table));
  }

  function drawIn(figure, place, table) {
    const chart = window.echarts.init(place, null, { renderer: 'canvas' });
    chart.setOption(figure.dataset.chart === 'flow' ? flow(table, place.clientWidth < 480) : options(figure, read(table)));
    new ResizeObserver(() => chart.resize()).observe(place);
    window.addEventListener('beforeprint', () => chart.resize({ width: 640 }));
    window.addEventListener('afterprint', () => chart.resize({ width: 'auto' }));
    const button = figure.querySelector('[data-chart-save]');
    if (button) {
      button.hidden = false;
      button.addEventListener('click', () => save(chart, figure));
    }
  }

  if (window.echarts) document.querySelectorAll('figure[data-chart]').forEach(draw);
})();
