"""The floor: what Flask, SQLAlchemy and SQLite cost alone, with our pragmas and no permission, rule, check or journal.

python -m tests.bench.floor DATABASE PORT
"""

from __future__ import annotations

import logging
import sys
import uuid

from flask import Flask, Response, jsonify, request
from sqlalchemy import Column, Integer, MetaData, String, Table, insert
from waitress import serve

from engine.storage.database import Database

FIELDS = ("channel", "external_no", "phone", "province", "store", "remark", "amount", "freight", "coupon")
metadata = MetaData()
orders = Table(
    "orders",
    metadata,
    Column("id", String, primary_key=True),
    *(
        Column(name, String)
        for name in ("channel", "external_no", "phone", "province", "store", "remark", "status", "created_at")
    ),
    *(Column(name, Integer) for name in ("amount", "freight", "coupon", "version")),
)


def make_floor(database: Database) -> Flask:
    """One route that inserts one row."""
    web = Flask(__name__)
    metadata.create_all(database.engine)

    @web.post("/orders")
    def create() -> tuple[Response, int]:
        values = request.get_json()["values"]
        row = {name: values.get(name) for name in FIELDS}
        row |= {"id": uuid.uuid4().hex, "version": 1, "status": "pending", "amount": int(float(values["amount"]) * 100)}
        with database.write() as connection:
            connection.execute(insert(orders).values(**row))
        return jsonify({"id": row["id"], "version": 1, "values": values}), 201

    return web


if __name__ == "__main__":
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    serve(make_floor(Database(sys.argv[1])), host="127.0.0.1", port=int(sys.argv[2]), threads=8)
