/**
 * Graphiques : <canvas data-graphique="barres|barres-empilees|lignes|intervalles" data-source="#id-du-json">.
 *
 * La forme du JSON est décrite dans templates/composants/graphique.html. Chart.js n'est chargé que si la page
 * porte un graphique. L'attendu (tireté) et la bande sont dessinés d'un bord à l'autre.
 */

const formats = new Map();
const mouvementReduit = window.matchMedia("(prefers-reduced-motion: reduce)");
let chargement = null;

function jeton(nom) {
  return getComputedStyle(document.documentElement).getPropertyValue(nom).trim();
}

function nombre(valeur, decimales = 0) {
  if (!formats.has(decimales)) {
    const options = { minimumFractionDigits: decimales, maximumFractionDigits: decimales };
    formats.set(decimales, new Intl.NumberFormat("fr-FR", options));
  }
  return valeur === null || valeur === undefined ? "—" : formats.get(decimales).format(valeur).replace("-", "\u2212");
}

const graduation = new Intl.NumberFormat("fr-FR", { maximumFractionDigits: 3 });

function charger() {
  chargement ??= new Promise((reussir, echouer) => {
    const script = document.createElement("script");
    script.src = document.querySelector("script[data-chartjs]").dataset.chartjs;
    script.onload = () => reussir(regler(window.Chart));
    script.onerror = () => echouer(new Error("Chart.js n'a pas pu être chargé."));
    document.head.append(script);
  });
  return chargement;
}

function regler(Chart) {
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  Chart.defaults.font.size = 12;
  Chart.defaults.color = jeton("--encre-douce");
  Chart.defaults.borderColor = jeton("--trait");
  Chart.register(reperes);
  return Chart;
}

/* --- Attendu et bande -------------------------------------------------------------------------------- */

const suite = (valeur, longueur) => (Array.isArray(valeur) ? valeur : Array(longueur).fill(valeur));

/** Points d'une suite le long de l'axe des catégories, prolongés jusqu'aux deux bords de la zone. */
function tracer(chart, valeurs, retour = false) {
  const couche = chart.options.indexAxis === "y";
  const { left, right, top, bottom } = chart.chartArea;
  const categories = couche ? chart.scales.y : chart.scales.x;
  const mesures = couche ? chart.scales.x : chart.scales.y;
  const points = valeurs
    .map((valeur, rang) => [categories.getPixelForValue(rang), valeur === null ? null : mesures.getPixelForValue(valeur)])
    .filter(([, mesure]) => mesure !== null);
  if (!points.length) return [];
  const bords = couche ? [top, bottom] : [left, right];
  points.unshift([bords[0], points[0][1]]);
  points.push([bords[1], points.at(-1)[1]]);
  const places = couche ? points.map(([c, m]) => [m, c]) : points;
  return retour ? places.reverse() : places;
}

function chemin(ctx, points) {
  points.forEach(([x, y]) => ctx.lineTo(x, y));
}

function trait(chart, valeurs, { couleur, largeur, tirets }) {
  const { ctx } = chart;
  ctx.save();
  ctx.strokeStyle = couleur;
  ctx.lineWidth = largeur;
  ctx.setLineDash(tirets);
  ctx.beginPath();
  chemin(ctx, tracer(chart, suite(valeurs, chart.data.labels.length)));
  ctx.stroke();
  ctx.restore();
}

/** Une barre d'erreur par catégorie : des lignes sans ordre entre elles ne se joignent pas. */
function intervalles(chart, { bas, haut }) {
  const { ctx } = chart;
  const { x, y } = chart.scales;
  ctx.save();
  ctx.strokeStyle = "#4f5b68";
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  bas.forEach((valeur, rang) => {
    if (valeur === null) return;
    const [centre, pied, tete] = [x.getPixelForValue(rang), y.getPixelForValue(valeur), y.getPixelForValue(haut[rang])];
    ctx.moveTo(centre, pied);
    ctx.lineTo(centre, tete);
    for (const bout of [pied, tete]) {
      ctx.moveTo(centre - 5, bout);
      ctx.lineTo(centre + 5, bout);
    }
  });
  ctx.stroke();
  ctx.restore();
}

const reperes = {
  id: "reperes",
  beforeDatasetsDraw(chart) {
    const { bande, separes } = chart.options.plugins.reperes ?? {};
    if (!bande) return;
    if (separes) {
      intervalles(chart, bande);
      return;
    }
    const { ctx } = chart;
    ctx.save();
    ctx.fillStyle = "rgb(122 135 148 / 20%)";
    ctx.beginPath();
    chemin(ctx, tracer(chart, suite(bande.bas, chart.data.labels.length)));
    chemin(ctx, tracer(chart, suite(bande.haut, chart.data.labels.length), true));
    ctx.closePath();
    ctx.fill();
    ctx.restore();
  },
  afterDatasetsDraw(chart) {
    const { attendu, bande, separes } = chart.options.plugins.reperes ?? {};
    // Les bords repassent devant les barres, qui cachent la bande.
    if (bande && !separes) [bande.bas, bande.haut].forEach((bord) => trait(chart, bord, { couleur: "#4f5b68", largeur: 1, tirets: [2, 2] }));
    if (attendu !== undefined && attendu !== null) {
      trait(chart, attendu, { couleur: jeton("--encre"), largeur: 1.5, tirets: [6, 4] });
    }
  },
};

/* --- Construction ------------------------------------------------------------------------------------ */

const TIRETS = [[], [6, 3], [2, 2], [8, 3, 2, 3], [1, 3], [10, 4]];
const POINTS = ["circle", "rect", "triangle", "rectRot", "cross", "star"];

function serie(brute, rang, sorte) {
  const couleur = jeton(`--serie-${brute.couleur ?? (rang % 6) + 1}`);
  const enPoints = (brute.sorte ?? sorte) === "intervalles";
  const enLigne = enPoints || (brute.sorte ?? sorte) === "lignes";
  const commun = { label: brute.nom, data: brute.valeurs, backgroundColor: couleur, borderColor: couleur };
  if (!enLigne) return { ...commun, type: "bar", maxBarThickness: 34, categoryPercentage: 0.82, barPercentage: 0.92 };
  // Tirets et marques : deux courbes se distinguent aussi sans la couleur.
  const peu = brute.valeurs.length <= 60;
  return {
    ...commun, type: "line", borderWidth: 2, borderDash: TIRETS[rang % 6], pointStyle: POINTS[rang % 6],
    pointRadius: enPoints ? 4 : peu ? 3 : 0, pointHoverRadius: 5, tension: 0, spanGaps: false, showLine: !enPoints,
  };
}

function legende(donnees) {
  const entrees = [];
  if (donnees.attendu !== undefined && donnees.attendu !== null) {
    entrees.push({
      text: donnees.attendu_nom ?? "Attendu", fillStyle: "transparent", strokeStyle: jeton("--encre"),
      lineWidth: 1.5, lineDash: [6, 4], pointStyle: "line",
    });
  }
  if (donnees.bande) {
    entrees.push({
      text: donnees.bande.nom ?? "Bande", fillStyle: "rgb(122 135 148 / 28%)", strokeStyle: "transparent", pointStyle: "rect",
    });
  }
  return entrees.map((entree) => ({ ...entree, fontColor: jeton("--encre-douce"), hidden: false, repere: true }));
}

function bornes(donnees) {
  const longueur = donnees.etiquettes.length;
  const reperesTous = [
    ...(donnees.attendu === undefined || donnees.attendu === null ? [] : suite(donnees.attendu, longueur)),
    ...(donnees.bande ? [...suite(donnees.bande.bas, longueur), ...suite(donnees.bande.haut, longueur)] : []),
  ].filter((valeur) => valeur !== null);
  return reperesTous.length ? { suggestedMin: Math.min(...reperesTous), suggestedMax: Math.max(...reperesTous) } : {};
}

function axes(donnees, sorte) {
  const empile = sorte === "barres-empilees";
  const titre = (texte) => ({ display: Boolean(texte), text: texte });
  const categories = {
    stacked: empile, offset: sorte !== "lignes", title: titre(donnees.axe_x), grid: { display: false },
    ticks: { autoSkip: !donnees.horizontal, maxRotation: 60 },
  };
  const mesures = {
    stacked: empile, title: titre(donnees.axe_y ?? donnees.unite), beginAtZero: donnees.zero !== false,
    ticks: { callback: (valeur) => graduation.format(valeur).replace("-", "\u2212") }, ...bornes(donnees),
  };
  return donnees.horizontal ? { x: mesures, y: categories } : { x: categories, y: mesures };
}

function configuration(Chart, donnees, sorte) {
  const etiquetteDeBulle = (point) => {
    const valeur = donnees.horizontal ? point.parsed.x : point.parsed.y;
    const unite = donnees.unite ? `\u202f${donnees.unite}` : "";
    return `${point.dataset.label} : ${nombre(valeur, donnees.decimales)}${unite}`;
  };
  const supplement = legende(donnees);
  return {
    type: ["lignes", "intervalles"].includes(sorte) ? "line" : "bar",
    data: { labels: donnees.etiquettes, datasets: donnees.series.map((brute, rang) => serie(brute, rang, sorte)) },
    options: {
      responsive: true,
      maintainAspectRatio: false,
      animation: mouvementReduit.matches ? false : { duration: 250 },
      indexAxis: donnees.horizontal ? "y" : "x",
      interaction: { mode: "index", axis: donnees.horizontal ? "y" : "x", intersect: false },
      scales: axes(donnees, sorte),
      plugins: {
        reperes: { attendu: donnees.attendu, bande: donnees.bande, separes: sorte === "intervalles" },
        tooltip: { callbacks: { label: etiquetteDeBulle } },
        legend: {
          display: donnees.series.length > 1 || supplement.length > 0,
          align: "start",
          labels: {
            usePointStyle: true, boxHeight: 7, boxWidth: 22, padding: 14,
            generateLabels: (chart) => [...Chart.defaults.plugins.legend.labels.generateLabels(chart), ...supplement],
          },
          onClick: (evenement, entree, legend) => {
            if (!entree.repere) Chart.defaults.plugins.legend.onClick(evenement, entree, legend);
          },
        },
      },
    },
  };
}

/** Barres couchées : la hauteur suit le nombre de lignes, sinon les noms se chevauchent. */
function ajusterHauteur(toile, donnees) {
  if (!donnees.horizontal) return;
  const rangees = donnees.etiquettes.length * (donnees.series.length > 1 ? 30 : 22);
  toile.style.height = `${Math.max(140, rangees + 90)}px`;
}

async function dessiner(canvas) {
  if (canvas.dataset.dessine) return;
  canvas.dataset.dessine = "en-cours";
  try {
    const donnees = JSON.parse(document.querySelector(canvas.dataset.source).textContent);
    const Chart = await charger();
    if (!canvas.isConnected) return;
    ajusterHauteur(canvas.parentElement, donnees);
    new Chart(canvas, configuration(Chart, donnees, canvas.dataset.graphique));
    canvas.dataset.dessine = "fait";
  } catch (erreur) {
    console.error(erreur);
    remplacerParUnePhrase(canvas);
  }
}

function remplacerParUnePhrase(canvas) {
  const phrase = document.createElement("p");
  phrase.className = "toile-panne";
  phrase.textContent = "Le graphique n'a pas pu être dessiné ; ses chiffres sont dans le tableau ci-dessous.";
  const figure = canvas.closest("figure");
  (canvas.closest(".toile") ?? canvas).replaceWith(phrase);
  figure?.querySelector("details")?.setAttribute("open", "");
}

function preparer(racine) {
  if (racine.matches?.("canvas[data-graphique]")) dessiner(racine);
  racine.querySelectorAll("canvas[data-graphique]").forEach(dessiner);
}

document.addEventListener("htmx:load", (evenement) => preparer(evenement.detail.elt));
document.addEventListener("htmx:beforeCleanupElement", ({ target }) => {
  if (target.dataset?.dessine) window.Chart?.getChart(target)?.destroy();
});
window.addEventListener("beforeprint", () => {
  if (window.Chart) Object.values(window.Chart.instances).forEach((graphique) => graphique.resize());
});
preparer(document);
