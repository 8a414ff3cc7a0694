"""Which motif goes by which name."""

from collections.abc import Callable

from halles_local.pictures.motifs import cloth, food, house, pantry, table
from halles_local.pictures.pen import Pen
from halles_local.pictures.things import Thing

Motif = Callable[[Pen, Thing], str]
MOTIFS: dict[str, Motif] = {
    motif.__name__: motif
    for motif in (
        pantry.jar, pantry.bottle, pantry.tin, pantry.pouch, pantry.sachets,
        table.bowl, table.plate, table.mug, table.pitcher, table.vase, table.carafe, table.board, table.spoons, table.knife, table.glasses,
        food.loaf, food.biscuits, food.cake, food.cheese, food.chocolate, food.saucisson, food.fruitbox, food.mushrooms,
        cloth.folded, cloth.scarf, cloth.beanie, cloth.socks, cloth.tote, cloth.wallet, cloth.belt, cloth.slippers, cloth.yarn,
        house.soap, house.flacon, house.candle, house.basket, house.notebook, house.poster, house.toy, house.blocks,
        house.jewels, house.plant, house.lamp, house.broom,
    )
}  # fmt: skip
