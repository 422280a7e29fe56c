/* Draws a table as bars: <figure data-chart="bars"> holds a canvas place and the table with the figures.
   The table stays the text of the picture; without this file it is simply the table. */
(() => {
  'use strict';
  const INK = '#1a1a1a';
  const QUIET = '#5c5c66';
  const LINE = '#dcdde4';
  /* Told apart in all common forms of colour blindness; the hatching tells them apart in black and white. */
  const COLOURS = ['#0017c1', '#e8a317', '#00838f', '#b0447c', '#5c5c66', '#8cb4ff'];
  const FONT = "'Noto Sans JP Variable', 'Noto Sans JP', sans-serif";
  const whole = (text) => Number(text.replace(/[^\d.-]/g, '')) || 0;

  function read(table) {
    const heads = Array.from(table.tHead.rows[0].cells, (cell) => cell.textContent.trim());
    const rows = Array.from(table.tBodies[0].rows, (row) => Array.from(row.cells, (cell) => cell.textContent.trim()));
    const last = table.dataset.total === undefined ? heads.length : heads.length - 1;
    return {
      categories: rows.map((row) => row[0]),
      series: heads.slice(1, last).map((name, place) => ({ name, values: rows.map((row) => whole(row[place + 1])) })),
    };
  }

  function options(figure, data) {
    const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    return {
      animation: !still,
      color: COLOURS,
      textStyle: { fontFamily: FONT, fontSize: 14, color: INK },
      aria: { enabled: true, label: { enabled: false }, decal: { show: true } },
      legend: { bottom: 0, icon: 'roundRect', textStyle: { color: INK, fontSize: 14 } },
      grid: { left: 8, right: 8, top: 36, bottom: 44, containLabel: true },
      tooltip: { trigger: 'axis', renderMode: 'richText', axisPointer: { type: 'shadow' } },
      xAxis: { type: 'category', data: data.categories, axisTick: { show: false }, axisLine: { lineStyle: { color: LINE } }, axisLabel: { color: INK, fontSize: 14 } },
      yAxis: { type: 'value', name: figure.dataset.unit ?? '', nameTextStyle: { color: QUIET, align: 'left' }, minInterval: 1, splitLine: { lineStyle: { color: LINE } }, axisLabel: { color: QUIET, fontSize: 13 } },
      series: data.series.map((one) => ({ type: 'bar', stack: 'all', name: one.name, data: one.values, barMaxWidth: 56 })),
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

  function draw(figure) {
    const place = figure.querySelector('[data-chart-place]');
    const table = figure.querySelector('table');
    if (!place || !table) return;
    figure.classList.add('has-chart');
    const chart = window.echarts.init(place, null, { renderer: 'canvas' });
    chart.setOption(options(figure, read(table)));
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
